"""Everything between the interview and a language model: prompts, the gateway, providers, doubles.

Knows LangChain's `BaseChatModel` and nothing of questions, sessions or pages. Callers render a prompt
(`bot.model.prompts`), hand it to a `Gateway` (`bot.model.gateway`) and get text or a validated value back,
or one error of the tree in `bot.model.errors`. Importing this package imports no provider.
"""
