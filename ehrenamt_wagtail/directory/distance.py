"""How far places lie apart."""

import math
from functools import lru_cache

EARTH_KM = 6371.0


# Towns stay where they are.
@lru_cache(4096)
def distance_km(latitude, longitude, other_latitude, other_longitude) -> float | None:
    """Great-circle distance (haversine) between two places in degrees; none if a coordinate is missing."""
    if None in (latitude, longitude, other_latitude, other_longitude):
        return None
    lat, other_lat = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
