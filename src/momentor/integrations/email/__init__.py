"""Mail that tells somebody something: built here, sent by whatever mail settings the site has."""
