"""For people who write content: checks of the bank and the articles as data, schemas for editors, scaffolds."""
