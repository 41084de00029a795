from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

from ehrenamt_wagtail.slugs import free_slug, german_slug

from ..panels import ReviewablePageForm


class ReviewablePage(models.Model):
    """What a page needs to be written by partners and pass through review: an organisation and its own completeness check.

    A draft needs a title only; ``submission_errors()`` names what is missing and is asked when the page is submitted, approved
    or published. ``save()`` with ``live=True`` is the last guard: it raises ``ValidationError`` when something is missing.
    """

    organisation = models.ForeignKey(
        "ehrenamt_wagtail.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        help_text=_("Its members work on this page in the partner portal."),
    )

    # Facts without which the page cannot be submitted, with the sentence that says so.
    required_facts: dict[str, str] = {}
    reserved_slugs: frozenset[str] = frozenset()
    base_form_class = ReviewablePageForm

    class Meta:
        abstract = True

    def submission_errors(self) -> dict[str, list[str]]:
        """Field name → sentences about what is missing or wrong; empty when the page may be submitted. Reads only."""
        errors: dict[str, list[str]] = defaultdict(list)
        for name, sentence in self.required_facts.items():
            # The key of what is named is enough.
            value = getattr(self, f"{name}_id", None) or getattr(self, name)
            if isinstance(value, str):
                value = value.strip()
            if value in (None, ""):
                errors[name].append(str(sentence))
        return errors

    @classmethod
    def from_serializable_data(cls, data, check_fks=True, strict_fks=False):
        """A revision that names what has been deleted since stands without it; Wagtail could not open it."""
        try:
            return super().from_serializable_data(data, check_fks=check_fks, strict_fks=strict_fks)
        except Exception:
            # The clusters of models have no exception of their own for this.
            present = without_missing(cls, data) if check_fks else data
            if present == data:
                raise
        return super().from_serializable_data(present, check_fks=check_fks, strict_fks=strict_fks)

    def full_clean(self, *args, **kwargs):
        self.fill_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self):
        self.fill_slug()
        super().minimal_clean()

    def fill_slug(self) -> None:
        """Give the page a free ASCII slug made from its title, unless it has one or has no place in the tree yet."""
        if self.slug or not self.path:
            return
        siblings = Page.objects.child_of(self.get_parent()).exclude(pk=self.pk)
        taken = set(siblings.values_list("slug", flat=True))
        self.slug = free_slug(german_slug(self.title or ""), taken | self.reserved_slugs)

    def save(self, clean=True, **kwargs):
        if clean and self.live and (errors := self.submission_errors()):
            raise ValidationError(dict(errors))
        super().save(clean=clean, **kwargs)


def without_missing(model: type[models.Model], data: dict) -> dict:
    """The content of a revision without protected keys of rows that are gone, in the rows of the page too."""
    data = dict(data)
    for field in model._meta.get_fields():
        is_protected = isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.PROTECT
        if is_protected and data.get(field.name) is not None:
            if not field.related_model._base_manager.filter(pk=data[field.name]).exists():
                data[field.name] = None
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name in data:
            data[name] = [without_missing(relation.related_model, row) for row in data[name]]
    return data
