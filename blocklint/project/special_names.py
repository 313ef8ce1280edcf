"""The names of the methods that Python calls by itself (The Python Language Reference, 3.3)."""

from __future__ import annotations

_OPERATORS = "add sub mul matmul truediv floordiv mod pow lshift rshift and xor or"
_OTHERS = (
    "new init del repr str bytes format lt le eq ne gt ge hash bool getattr getattribute setattr "
    "delattr dir get set delete set_name init_subclass class_getitem call len length_hint getitem "
    "setitem delitem missing iter reversed contains divmod rdivmod neg pos abs invert complex int "
    "float index round trunc floor ceil enter exit await aiter anext next aenter aexit instancecheck "
    "subclasscheck prepare mro_entries fspath copy deepcopy reduce reduce_ex getstate setstate "
    "post_init attrs_post_init"
)

SPECIAL_METHODS = frozenset(
    f"__{name}__"
    for name in (
        *_OTHERS.split(),
        *(f"{kind}{operator}" for operator in _OPERATORS.split() for kind in ("", "r", "i")),
    )
)
"""All of them, for code of which it is not known beforehand which it defines."""
