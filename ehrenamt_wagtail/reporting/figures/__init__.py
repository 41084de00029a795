"""The district's figures: what is counted, for which days, from which rows.

``catalogue.figures()`` lists them with their definitions; ``reading.Reading(spans)`` reads what they count for any number of spans
with a constant number of queries; ``shown.Shown`` says what of it may be read, since small numbers of people are not told.
"""
