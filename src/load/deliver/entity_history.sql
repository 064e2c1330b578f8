-- A version that was followed by another one is its second revision: it has an end.
select
  source, vendor, entity_type, entity_id, name, email, attributes, valid_from, valid_to, seq,
  row_number() over (partition by seq order by n, entity_type, entity_id) as n,
  sha256(json_array(source, entity_type, entity_id, seq, n)::varchar) as row_uid,
  case when valid_to is null then 1 else 2 end::bigint as revision
from internal.dated_versions
where present and seq > $after and seq <= $to
