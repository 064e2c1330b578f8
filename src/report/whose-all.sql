create temp table accounts_in as
select p.* from person_accounts p semi join sources_in using (source);

create temp view events_in as
from happened;
