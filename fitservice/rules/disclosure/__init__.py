"""What may leave the districts: primary and secondary suppression, attacked from all that is published."""
