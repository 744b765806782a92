"""What a walk shows as text: the digest, one card, a list, an overview."""
