"""How good the search is: labelled queries over our own articles, and test collections when they are at hand."""
