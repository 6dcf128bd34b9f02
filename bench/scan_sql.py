"""The SQL that writes every column of the scan of our file as Parquet: what an analyst would have to type."""

from __future__ import annotations

from pathlib import Path

from geoecon.indicators import complete, risk

SQL = """
with f as (select period, importer, exporter, product, value_usd v, tonnes q from read_parquet('{path}')),
sold as (select product, exporter place, sum(v) x from f group by all),
bought as (
  select product, importer place, sum(v) m, sum(v * v) / (m * m) hhi, max(v) / m top_share, list_sum(max(v, 3)) / m cr3,
    min_by(exporter, {{'v': -v, 's': exporter}}) top_supplier,
    case when count(r.risk) = count(*) then sum(v * v * r.risk) / (m * m) end hhi_geo,
    min_by({{'s': exporter, 'price': v / q / 1000}}, {{'v': -v, 's': exporter}}, 2) filter (q > 0) two
  from f left join risks r on r.place = exporter group by all),
world as (select product, sum(x) w, sum(x * x) squares, max(x) largest from sold group by all),
spent as (select importer place, sum(v) usd from f group by all),
told as (
  select f.*, b.m, coalesce(own.x, 0) own, b.hhi, b.top_share, b.cr3, b.top_supplier, b.hhi_geo, b.two, w.*, s.x sales,
    coalesce(sb.m, 0) seller_buys, v / b.m share, spent.usd spending, case when q > 0 then v / q / 1000 end price,
    case when share < 1 then -ln(1 - share) / {rate} end loss
  from f join bought b on b.product = f.product and b.place = f.importer
    join sold s on s.product = f.product and s.place = f.exporter
    left join sold own on own.product = f.product and own.place = f.importer
    left join bought sb on sb.product = f.product and sb.place = f.exporter
    join world w on w.product = f.product join spent on spent.place = f.importer)
select period, importer, exporter, product, v value_usd, q tonnes, top_supplier, m imports, own exports,
  share import_share, top_share, hhi supplier_hhi, 1 / hhi effective_suppliers, 1.0 extra_share,
  case when own > 0 then m / own end mx_ratio,
  case when (w - own) ** 2 > 0 then (squares - own * own) / (w - own) ** 2 end world_hhi,
  v / sales market_share_of_sales, sales / m asymmetry, (sales + seller_buys) / w spof,
  (w - sales - m + v) / v replaceability, loss cutoff_loss, loss * m / spending loss_of_access, loss * v cutoff_cost,
  largest / w world_top_share, (sales >= largest * (1 - 1e-12))::int::double supplier_is_world_top, cr3,
  price unit_value, price / (case when two[1].s = exporter then two[2].price else two[1].price end) unit_value_gap,
  hhi_geo, null::double nir, null::double supply_risk, null::double fir, null::double cover_days,
  0.0::double unallocated_share, hhi hhi_low, hhi hhi_high,
  hhi > 0.4 and m > own ec2021, hhi > 0.36 and m > 0.9 * own ec2021_lower, hhi > 0.44 and m > 1.1 * own ec2021_higher,
  null::double persistence, case when loss is null then '{sole}' else '' end reason
from told
"""


def write(path: Path, out: Path, elasticity: float, period: str = "2022") -> None:
    """Every triple of a file that `convert` made, with the columns of `scan(out=)`, by DuckDB with its defaults."""
    import duckdb

    with duckdb.connect() as sql:
        sql.execute("create table risks (place varchar, risk double)")
        sql.executemany("insert into risks values (?, ?)", list(risk.governance(period).items()))
        told = SQL.format(path=path, rate=elasticity - 1, sole=complete.SOLE)
        sql.execute(f"copy ({told}) to '{out}' (format parquet)")
