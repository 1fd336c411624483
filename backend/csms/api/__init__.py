"""Where people and programs knock: HTTP, JSON, problem documents, sign-in.

No business and no SQL here: routes read the request, call a use case or a read, and answer.
"""
