select an.source, an.stream, an.kind, count(*) as times, max(an."at") as last_at, any_value(left(an.what, 200)) as example, count(*) over () as total
from anomalies an, asked
where an."at" >= asked.since and an."at" < asked.until and an.source in (select source from sources_in)
group by all
order by times desc, an.source
limit 50
