import { date, instant, number, SOURCE, type Table, text, view } from './table.ts';

const PERIOD = {
  day: date('the UTC date on which the period begins'),
  period_start: instant('begin of the period'),
  period_end: instant('end of the period, which is not part of it'),
};

const BASIS = {
  basis: text(
    'what the amount stands on: `billed`, `list_price` (what the use would cost, or does before discounts), `credits` of the vendor, `tokens`. Each says the same in its own way: never add across it',
  ),
};

const COSTS = view(
  'costs',
  'What one period cost by person, model and product, as far as the vendor tells them apart. Of one source, basis, unit and measure all rows may be added.',
  {
    columns: {
      ...SOURCE,
      vendor: text('who the account is with'),
      ...PERIOD,
      granularity: text('`daily`; `monthly` where the vendor has nothing finer'),
      person_id: text('whose, as in `people`; null if it is not known'),
      scope: text(
        'what it is about: `user`, `service_user`, `session`, `api_key`, `workspace`, `project`, `team`; `organization` or `enterprise` is what the vendor gives to none of them',
      ),
      scope_id: text("the vendor's id of what it is about"),
      scope_name: text('the name of what it is about'),
      product: text('the product, or the item of the bill; null if the vendor does not say'),
      model: text('null if the vendor does not say'),
      measure: text(
        '`cost`; `list_cost` is the same before discounts, where a vendor gives both; `input_tokens`, `output_tokens`',
      ),
      amount: number('how much. Negative where shares were more than the total they are shares of'),
      unit: text(
        'a currency such as `USD`, `ACU`, `credits`, `tokens`, `cost` (no currency stated)',
      ),
      ...BASIS,
    },
    key: [
      'source',
      'period_start',
      'measure',
      'basis',
      'unit',
      'scope',
      'scope_id',
      'product',
      'model',
    ],
    time: 'period_start',
  },
);

const COST_GAPS = view(
  'cost_gaps',
  'How much of what a month cost is known to be whose, and how far an amount is from the bill.',
  {
    columns: {
      ...SOURCE,
      vendor: text('who the account is with'),
      month: date('the first day of the month, in UTC'),
      ...BASIS,
      measure: text('as in `costs`; `tokens` of all kinds are one'),
      unit: text('as in `costs`'),
      amount: number('in all'),
      of_people: number('what is given to people'),
      of_others: number('what is given to service users, keys, workspaces, projects or teams'),
      of_nobody: number('what is given to none: only the total has it'),
      billed: number('what was billed in the same unit and month; null if no bill is read'),
      above_bill: number('amount - billed'),
    },
    key: ['source', 'month', 'basis', 'measure', 'unit'],
  },
);

const PERSON_COSTS = view('person_costs', 'What one person cost on one day, by product.', {
  columns: {
    ...SOURCE,
    vendor: text('who the account is with'),
    user_id: text('who'),
    person_id: text('whose, as in `people`; null if the directory does not have the user'),
    name: text("the person's name"),
    email: text("the person's e-mail address"),
    day: date('the UTC date on which the period begins'),
    period_start: instant('begin of the period'),
    period_end: instant('end of the period, which is not part of it'),
    product: text(
      'the product or the kind of agent. Null is the rest that the vendor gives to none; the rows of a day add up to its total',
    ),
    cost: number('how much'),
    unit: text(
      '`ACU`, a currency such as `USD`, or `cost` (no currency is stated): never add one to the other',
    ),
    ...BASIS,
  },
  key: ['source', 'user_id', 'period_start', 'product', 'unit', 'basis'],
  time: 'period_start',
});

const UNATTRIBUTED_CONSUMPTION = view(
  'unattributed_consumption',
  'What an enterprise consumed on one day and none of its organizations did.',
  {
    columns: {
      ...SOURCE,
      vendor: text('who the account is with'),
      ...PERIOD,
      tool: text('the product; null is the total of all of them'),
      enterprise_acus: number('of the enterprise'),
      organization_acus: number('of all its organizations together'),
      unattributed_acus: number('the former without the latter'),
    },
    key: ['source', 'period_start', 'tool'],
    time: 'period_start',
  },
);

export const COSTS_TABLES: readonly Table[] = [
  COSTS,
  COST_GAPS,
  PERSON_COSTS,
  UNATTRIBUTED_CONSUMPTION,
];
