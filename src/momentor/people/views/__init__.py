"""The pages of people and their organisations."""
