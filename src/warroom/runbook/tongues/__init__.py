"""The words by which parts of a response document are known, a file per language.

In a table, words stand between blanks, `*` stands for any ending and `_` for a blank or a hyphen; accents are left away.
"""
