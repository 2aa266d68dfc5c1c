"""The values of the interview: frozen, validated, free of IO.

Nothing here imports anything else of ours. Values are pure; identity (ids, sequence numbers given by
the store) is a matter of the store.
"""
