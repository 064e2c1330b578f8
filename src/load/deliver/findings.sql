-- Lists as JSON: not every receiver has columns of lists.
select * replace (to_json(evidence) as evidence, to_json(techniques) as techniques)
from internal.findings where seq > $after and seq <= $to
