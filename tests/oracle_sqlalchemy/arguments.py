"""What methods and functions are called with, by their names: Python expressions over `World.names`.

``it`` is the receiver, or the function. A recipe for ``Session.get`` stands above one for ``get``; what has
neither gets values for its required parameters by their names. ``CALLS`` are whole expressions, for what is
not a plain call; a result that is read lazily is read out.
"""

from __future__ import annotations

from typing import Any

ARGUMENTS: dict[str, str] = {
    "Session.execute": "select_users", "Session.scalar": "select_users", "Session.scalars": "select_users",
    "Session.get": "User, 2", "Session.get_one": "User, 2", "Session.merge": "User(id=2)",
    "Session.merge_all": "[User(id=2)]", "Session.delete": "user", "Session.delete_all": "[user]",
    "Session.refresh": "user", "Session.add": "User()", "Session.add_all": "[User()]", "Session.expire": "user",
    "Session.expunge": "user", "Session.is_modified": "user", "Session.query": "User",
    "Session.identity_key": "instance=user", "Session.object_session": "user",
    "Session.bulk_insert_mappings": "User, [{'name': 'x'}]", "Session.bulk_save_objects": "[User(name='x')]",
    "Session.bulk_update_mappings": "User, [{'id': 1, 'name': 'x'}]", "Session.__contains__": "user",
    "Session.bind_mapper": "User, engine", "Session.bind_table": "users, engine",
    "Session.enable_relationship_loading": "User(id=1)", "Session.prepare": "", "Session.invalidate": "",
    "Session.get_bind": "User", "Session.stream": "select_users", "Session.stream_scalars": "select_users",
    "sessionmaker.identity_key": "User, 1", "sessionmaker.object_session": "User()",
    "sessionmaker.__init__": "bind=engine", "scoped_session.__init__": "orm.sessionmaker(bind=engine)",
    "Session.__init__": "bind=engine", "async_sessionmaker.__init__": "world.async_engine()",
    "async_scoped_session.__init__": "lambda: aio.AsyncSession(world.async_engine()), lambda: 1",
    "AsyncSession.__init__": "world.async_engine()", "ScopedRegistry.set": "prepared",
    "Query.filter_by": "id=1", "Query.filter": "User.id == 1", "Query.where": "User.id == 1",
    "Query.having": "User.id == 1", "Query.join": "User.addresses", "Query.outerjoin": "User.addresses",
    "Query.limit": "1", "Query.offset": "1", "Query.slice": "0, 1", "Query.update": "{'name': 'x'}",
    "Query.delete": "", "Query.value": "User.id", "Query.values": "User.id", "Query.with_entities": "User.id",
    "Query.add_column": "User.name", "Query.add_columns": "User.name", "Query.add_entity": "Address",
    "Query.select_entity_from": "users.select().alias()", "Query.label": "'x'",
    "Query.union": "orm.Query(User)", "Query.union_all": "orm.Query(User)", "Query.except_": "orm.Query(User)",
    "Query.except_all": "orm.Query(User)", "Query.intersect": "orm.Query(User)",
    "Query.intersect_all": "orm.Query(User)", "Query.with_parent": "world.names['user'], User.addresses",
    "Query.with_session": "it.session", "Query.yield_per": "1",
    "Query.options": "orm.lazyload(User.addresses)", "Query.correlate": "users", "Query.order_by": "User.id",
    "Query.group_by": "User.id", "Query.params": "x=1", "Query.prefix_with": "'ALL'", "Query.suffix_with": "'ALL'",
    "Query.execution_options": "x=1", "Query.with_hint": "users, 'x'", "Query.with_statement_hint": "'x'",
    "Query.set_label_style": "it._label_style", "Query.with_lockmode": "'update'", "Query.__init__": "User",
    "Query.with_polymorphic": "User", "Query.with_transformation": "lambda q: q", "Query.merge_result": "[user]",
    "Query.instances": "prepared",
    "Query.only_return_tuples": "True", "Query.enable_eagerloads": "False", "Query.enable_assertions": "False",
    "AppenderQuery.append": "Tag()", "AppenderQuery.add": "Tag()", "AppenderQuery.extend": "[Tag()]",
    "AppenderQuery.add_all": "[Tag()]", "AppenderQuery.remove": "prepared", "BridgedQuery.append": "Tag()",
    "BridgedQuery.remove": "prepared", "WriteOnlyCollection.add": "Book()", "WriteOnlyCollection.add_all": "[Book()]",
    "WriteOnlyCollection.remove": "prepared",
    "Engine.execute": "select_users", "Engine.scalar": "select_users", "Engine.has_table": "'users'",
    "Engine.run_callable": "lambda connection: 1", "Engine.transaction": "lambda connection: 1",
    "Engine.update_execution_options": "x=1", "Engine.execution_options": "x=1",
    "Connection.execute": "select_users", "Connection.scalar": "select_users", "Connection.scalars": "select_users",
    "Connection.exec_driver_sql": "'select 1'", "Connection.transaction": "lambda connection: 1",
    "Connection.run_callable": "lambda connection: 1",
    "Connection.execution_options": "isolation_level='SERIALIZABLE'", "Connection.schema_for_object": "users",
    "Connection.stream": "select_users", "Connection.stream_scalars": "select_users",
    "Result.columns": "0", "ScalarResult.yield_per": "1", "yield_per": "1", "Result.merge": "",
    "MappingResult.columns": "'id'", "FrozenResult.with_new_rows": "[]", "partitions": "1",
    "__contains__": "1", "fetchmany": "1", "Row.count": "1", "Row.index": "it[0]", "Row.__getitem__": "0",
    "CursorResult.splice_horizontally": "it", "CursorResult.splice_vertically": "it",
    "MetaData.create_all": "bind=world.warm(), checkfirst=True", "MetaData.drop_all": "bind=world.warm()",
    "MetaData.reflect": "bind=world.warm()", "MetaData.remove": "it.tables['users'] if 'users' in it.tables else it.tables['things']",
    "MetaData.__contains__": "'users'", "MetaData.get_schema_objects": "sa.Table",
    "MetaData.get_schema_object_by_name": "sa.Table, 'users'",
    "Table.create": "bind=world.warm()", "Table.drop": "bind=world.warm(), checkfirst=True",
    "Table.exists": "bind=world.warm()", "Table.add_is_dependent_on": "users",
    "Table.append_column": "sa.Column('more', sa.Integer)", "Table.append_constraint": "sa.CheckConstraint('1')",
    "Table.to_metadata": "sa.MetaData()", "Table.tometadata": "sa.MetaData()",
    "Table.__init__": "'users', sa.MetaData(), **reflecting(world)",
    "Index.create": "bind=world.warm()", "Index.drop": "bind=world.engine", "Index.__init__": "'x', sa.Column('y', sa.Integer)",
    "Sequence.create": "bind=world.warm()", "Sequence.drop": "bind=world.warm()",
    "Sequence.__init__": "'x'", "MetaData.__init__": "", "registry.__init__": "",
    "AutomapBase.prepare": "**preparing(world)", "DeferredReflection.prepare": "world.warm()",
    "Inspector.from_engine": "world.warm()", "table_name": "'users'",
    "Inspector.reflect_table": "sa.Table('users', sa.MetaData()), None",
    "Inspector.reflecttable": "sa.Table('users', sa.MetaData()), None", "Inspector.has_index": "'users', 'x'",
    "Inspector.has_schema": "'main'", "Inspector.has_sequence": "'x'", "Inspector.get_view_definition": "'seen'",
    "Inspector.get_primary_keys": "'users'", "Inspector.has_multi_table": "['users']",
    "registry.configure": "", "registry.dispose": "", "registry.mapped": "new_class()",
    "registry.mapped_as_dataclass": "", "registry.map_declaratively": "new_class()",
    "registry.map_imperatively": "type('Other', (), {'__module__': 'x'}), prepared",
    "Mapper.get_property": "'name'", "Mapper.get_property_by_column": "users.c.id", "Mapper.has_property": "'name'",
    "Mapper.identity_key_from_instance": "User(id=1)", "Mapper.primary_key_from_instance": "User(id=1)",
    "URL.difference_update_query": "['x']", "URL.create": "'sqlite'", "URL.set": "drivername='sqlite'",
    "URL.update_query_dict": "{'x': '1'}", "URL.update_query_pairs": "[('x', '1')]", "URL.update_query_string": "'x=1'",
    "sqlalchemy.URL.__init__": "'sqlite'", "DBAPICursor.execute": "'select 1'", "DBAPICursor.callproc": "'x'",
    "DBAPICursor.executemany": "'update users set name = ?', [('x',)]", "setinputsizes": "[]", "setoutputsize": "1",
    "Connection.recover_twophase": "", "run_sync": "lambda *_: 1",
    "asyncio.create_async_engine": "'sqlite+aiosqlite://'", "SessionTransaction.connection": "None",
    "asyncio.async_engine_from_config": "{'sqlalchemy.url': 'sqlite+aiosqlite://'}",
    "asyncio.create_async_pool_from_url": "'sqlite+aiosqlite://'", "asyncio.async_session": "prepared", "AsyncSession.bind_mapper": "User, it.bind", "AsyncSession.bind_table": "users, it.bind",
    "orm.object_session": "user", "asyncio.async_object_session": "user", "event.remove": "engine, 'begin', len",
    "orm.aliased": "User", "event.listen": "engine, 'begin', len", "event.listens_for": "engine, 'begin'",
    "event.contains": "engine, 'begin', len", "orm.attribute_keyed_dict": "'name'", "orm.column_keyed_dict": "users.c.id",
    "orm.contains_alias": "users.alias()", "orm.contains_eager": "User.addresses", "orm.defaultload": "User.addresses",
    "orm.defer": "User.name", "orm.undefer": "User.name", "orm.immediateload": "User.addresses",
    "orm.joinedload": "User.addresses", "orm.lazyload": "User.addresses", "orm.load_only": "User.name",
    "orm.noload": "User.addresses", "orm.raiseload": "User.addresses", "orm.selectinload": "User.addresses",
    "orm.subqueryload": "User.addresses", "orm.was_deleted": "user", "orm.with_expression": "User.name, sa.text('1')",
    "orm.with_loader_criteria": "User, User.id > 1", "orm.selectin_polymorphic": "User, [User]",
    "orm.polymorphic_union": "{'a': users}, None", "orm.undefer_group": "'x'", "orm.close_all_sessions": "",
    "attributes.flag_modified": "user, 'name'", "attributes.get_history": "user, 'addresses'",
    "attributes.instance_state": "user", "attributes.set_attribute": "user, 'name', 'x'",
    "attributes.set_committed_value": "user, 'name', 'x'", "associationproxy.association_proxy": "'tags', 'id'",
    "hybrid.hybrid_method": "lambda self: 1", "concurrency.is_exit_exception": "ValueError()",
    "Query.autoflush": "True", "Connection.commit_prepared": "'x'", "Connection.rollback_prepared": "'x'",
    "sqlalchemy.DefaultClause": "'1'", "sqlalchemy.ForeignKeyConstraint": "['a'], ['users.id']",
    "sqlalchemy.funcfilter": "sa.func.count(users.c.id), users.c.id > 1", "sqlalchemy.quoted_name": "'x', True",
    "sqlalchemy.table": "'x', sa.column('y')", "sqlalchemy.tablesample": "users, 10",
    "sqlalchemy.within_group": "sa.func.percentile_cont(0.5), users.c.id", "sqlalchemy.values": "sa.column('x', sa.Integer), name='v'",
    "FromClause.select": "", "FromClause.join": "Address.__table__", "FromClause.outerjoin": "Address.__table__",
}  # fmt: skip

PREPARED: dict[str, str] = {
    "registry.map_imperatively": "new_table(world)",
    "AppenderQuery.remove": "it.session.query(Tag).filter_by(user_id=2).first()",
    "BridgedQuery.remove": "it.session.query(Tag).filter_by(user_id=1).first()",
    "WriteOnlyCollection.remove": "sa.inspect(world.names['author']).session.get(Book, 1)", "ScopedRegistry.set": "world.session()",
    "Query.instances": "it.session.connection().execute(it.with_labels().statement)", "Index.drop": "it.create(world.warm())",
    "event.remove": "sa.event.listen(engine, 'begin', len)", "attributes.get_history": "begun(world)",
    "attributes.flag_modified": "begun(world)", "attributes.set_attribute": "begun(world)",
    "attributes.set_committed_value": "begun(world)", "orm.object_session": "begun(world)",
    "orm.close_all_sessions": "begun(world)", "asyncio.async_session": "world.async_session()",
    "Inspector.get_view_definition": "world.with_view()", "orm.was_deleted": "begun(world)",
}  # fmt: skip
"""What is evaluated before; ``prepared`` is what it gave."""

CALLS: dict[str, str] = {
    "AppenderQuery.get": "it.get(2)", "Query.get": "it.session.query(User).get(2)", "Query.from_statement": "it.session.query(User).from_statement(sa.text('select 1'))",
    "Query.select_from": "it.session.query(User).select_from(User)",
    "Query.select_entity_from": "it.session.query(User).select_entity_from(users.select().alias())",
    "Query.with_polymorphic": "it.session.query(User).with_polymorphic(User)", "__await__": "it",
    "sqlalchemy.TypeDecorator": "type('T', (it,), {'impl': sa.Integer, 'cache_ok': True})()",
    "scoped_session.query_property": "it.query_property().__get__(None, User)",
    "Query.__getitem__": "it[0]", "Query.__iter__": "it.__iter__()", "Query.__contains__": "user in list(it)",
    "Query.__bool__": "bool(it)", "Query.__str__": "str(it)", "__repr__": "repr(it)", "__str__": "str(it)",
    "__iter__": "it.__iter__()", "__next__": "next(iter(it))", "__bool__": "bool(it)", "__contains__": "1 in it",
    "Session.__contains__": "user in it", "Session.__iter__": "it.__iter__()", "Row.__len__": "len(it)",
    "Row.__contains__": "1 in it", "Row.__iter__": "it.__iter__()", "MetaData.__contains__": "'users' in it",
    "__exit__": "it.__exit__(None, None, None)", "__enter__": "it.__enter__()",
    "__aenter__": "it.__aenter__()", "__aexit__": "it.__aexit__(None, None, None)",
    "__add__": "it + 1", "__and__": "it & (it == 1)", "__eq__": "it == 1", "__ge__": "it >= 1", "__gt__": "it > 1",
    "__invert__": "~(it == 1)", "__le__": "it <= 1", "__lt__": "it < 1", "__mod__": "it % 2", "__mul__": "it * 2",
    "__ne__": "it != 1", "__neg__": "-it", "__or__": "it | (it == 1)", "__radd__": "1 + it", "__rmul__": "2 * it",
    "__rsub__": "1 - it", "__sub__": "it - 1", "__truediv__": "it / 2",
}  # fmt: skip

PARAMETERS: dict[str, str] = {
    "table_name": "'users'", "statement": "select_users", "instance": "user", "obj": "user", "object": "user",
    "entity": "User", "key": "'x'", "name": "'x'", "column": "users.c.id", "columns": "users.c.id",
    "element": "users.c.id", "clause": "users.c.id == 1", "whereclause": "users.c.id == 1", "table": "users",
    "selectable": "select_users", "left": "users", "right": "Address.__table__", "text": "'1'", "value": "1",
    "type_": "sa.Integer()", "field": "'year'", "lower_bound": "1", "upper_bound": "2", "expr": "users.c.id",
    "expression": "users.c.id", "collation": "'binary'", "identifier": "'connect'",
    "fn": "lambda *_: None", "url": "'sqlite://'", "name_or_url": "'sqlite://'", "mapper": "sa.inspect(User)",
    "subject": "User", "class_": "User", "cls": "User", "attr": "User.addresses", "other": "users.c.name",
    "state": "sa.inspect(user)", "criteria": "User.id == 1", "prop": "User.addresses", "argument": "'Address'",
    "configuration": "{'sqlalchemy.url': 'sqlite://'}", "iterable": "[1]", "executor": "lambda *_: None",
    "base": "User", "classes": "[User]", "mapping": "{}", "schema": "'main'", "funcs": "User.id", "from_": "users",
    "join": "users.c.id", "index": "0", "sqltext": "'1'", "length": "5", "item_type": "sa.Integer", "impl": "sa.Integer",
    "method": "lambda self: 1", "fget": "lambda self: 1", "attribute": "'name'",
}  # fmt: skip


def recipe(owner: str, member: str) -> tuple[str | None, str | None, str | None]:
    """The arguments, the whole expression and what goes before, for a member or for all of its name."""
    last = owner.rpartition(".")[2]
    twin = {"scoped_session": "Session", "AsyncSession": "Session", "async_scoped_session": "Session",
            "BridgedSession": "Session", "AsyncConnection": "Connection", "BridgedConnection": "Connection",
            "AsyncEngine": "Engine", "BridgedEngine": "Engine", "BridgedQuery": "Query", "BufferedResult": "Result", "AsyncResult": "Result",
            "AsyncMappingResult": "MappingResult", "AppenderQuery": "Query", "CursorResult": "Result"}  # fmt: skip
    keys = [f"{last}.{member}", f"{twin.get(last, last)}.{member}", member]
    if member == "__init__":
        keys = keys[:1]
    call = next((CALLS[key] for key in keys if key in CALLS), None)
    prepared = next((PREPARED[key] for key in keys if key in PREPARED), None)
    return next((ARGUMENTS[key] for key in keys if key in ARGUMENTS), None), call, prepared


def for_parameters(parameters: Any) -> str | None:
    """Values for required parameters by their names; None if one of them has no value here."""
    found = []
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD or parameter.default is not parameter.empty:
            continue
        if parameter.name not in PARAMETERS:
            if parameter.kind is parameter.VAR_POSITIONAL:
                continue
            return None
        value = PARAMETERS[parameter.name]
        found.append(f"{parameter.name}={value}" if parameter.kind is parameter.KEYWORD_ONLY else value)
    return ", ".join(found)
