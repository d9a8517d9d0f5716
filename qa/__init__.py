"""Quoth answers from your own articles, in the articles' own words.

    import qa
    answer = qa.ask("Who chaired the meeting for the United States?")

Knows the public names, and loads each on first use; nothing heavy is imported before.
"""
