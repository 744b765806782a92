"""What a reader should not trust: hidden text, injected instructions, secrets, figures."""
