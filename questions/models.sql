/*
title: Which models were used
answers: What each model was used for in the period, by what the vendors count of the whole organization; never add across datasets
parameters:
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  source: the account at the vendor
  dataset: which API counted
  model: which model
  activity: what it was used for
  messages: messages
  tokens: tokens in all
  cost: what it cost; no currency is stated
  last_day: the last day of it
needs: [measure:messages or measure:tokens or measure:input_tokens]
*/
select
  source, dataset, model, activity,
  sum(messages) as messages,
  sum(coalesce(tokens, input_tokens + output_tokens)) as tokens,
  sum(cost) as cost,
  max(day) as last_day
from model_usage
where day >= $since::date and day <= $until::date
group by source, dataset, model, activity
order by source, dataset, model, activity
