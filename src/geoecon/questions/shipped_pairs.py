"""What the shipped cases know of a pair and a good of which no world trade rows ship."""

from __future__ import annotations

from geoecon.case import disputes, load_case
from geoecon.dates import last_day
from geoecon.lexicon import Good, Place
from geoecon.spoken import percent
from geoecon.tables import records


def in_a_case(good: Good, seller: Place, buyer: Place) -> str:
    """Each shipped case of the pair with trade rows of the good, and its last share before the dispute, in words; else
    nothing."""
    codes, told = {code[:6] for code in good.hs}, ""
    for name, dispute in sorted(disputes().items()):
        sides = dispute.senders | dispute.targets
        if not codes & dispute.goods or not sides & set(buyer.states) or not sides & set(seller.states):
            continue
        case = load_case(name)
        goods = [product.id for product in case.products if codes & {code[:6] for code in product.hs}]
        trade = case.tables["trade"]
        pair = trade["exporter"].isin(seller.states) & trade["importer"].isin(buyer.states)
        mine = trade[pair & trade["product"].isin(goods) & trade["share"].notna()]
        before = {str(row["period"]): row["share"] for row in records(mine) if last_day(row["period"]) < case.start}
        if before:  # the longest time up to then, where the case has more than months
            last = max(sorted(before), key=lambda period: (len(period) != len("YYYY-MM"), last_day(period)))
            told += f" (the case {name} has its own: {percent(float(before[last]))} in {last})"
    return told
