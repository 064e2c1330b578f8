/*
title: Who has an account and does not use it
answers: Every active user of whom no activity was read for 30 days
columns:
  source: the account at the vendor
  who: whose account
  team: the team
  last_active_day: the last day with activity of all that was read; null if there was none
  read_to: up to when activity was read
needs: [measure:activity]
*/
select source, coalesce(email, name, user_id) as who, team_name as team, last_active_day, read_to
from unused_accounts
order by source, last_active_day nulls first, who
