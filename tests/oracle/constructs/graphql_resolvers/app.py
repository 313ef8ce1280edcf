"""Strawberry and Ariadne: resolvers run on the loop, `def` or not."""
import time

import strawberry
from ariadne import MutationType, ObjectType, QueryType, make_executable_schema


@strawberry.type
class User:
    name: str

    @strawberry.field
    def friend(self) -> str:
        time.sleep(0.001)
        return ""

    @strawberry.field
    async def friend_async(self) -> str:
        time.sleep(0.001)
        return ""


def resolved() -> str:
    time.sleep(0.001)
    return ""


@strawberry.type
class Query:
    by_resolver: str = strawberry.field(resolver=resolved)

    @strawberry.field
    def user(self) -> User:
        time.sleep(0.001)
        return User(name="a")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, name: str) -> str:
        time.sleep(0.001)
        return name


schema = strawberry.Schema(query=Query, mutation=Mutation)

query, mutation, account = QueryType(), MutationType(), ObjectType("Account")


@query.field("account")
def resolve_account(_, info):
    time.sleep(0.001)
    return {}


@query.field("accountAsync")
async def resolve_account_async(_, info):
    time.sleep(0.001)
    return {}


@account.field("name")
def resolve_name(parent, info):
    time.sleep(0.001)
    return ""


@mutation.field("close")
def resolve_close(_, info):
    time.sleep(0.001)
    return ""


executable = make_executable_schema(
    """
    type Account { name: String }
    type Query { account: Account accountAsync: Account }
    type Mutation { close: String }
    """,
    query, mutation, account,
)  # fmt: skip
