"""What communities published about projects and solutions, told to the catalogue, which counts it."""

from communities.models import Experience
from projects.catalogue import also_told

also_told(Experience.objects.public)
