import { pick } from './random.ts';

/**
 * Names with and without letters beyond ASCII, so that an encoding mistake shows. The lengths of the two lists have no
 * common divisor: walked side by side, they repeat a full name only when all have come.
 */
const FIRST_NAMES = [
  'Maya',
  'Jonas',
  'Zoë',
  'Priya',
  'Tomás',
  'Ingrid',
  'Kwame',
  'Šárka',
  'Daniel',
  'Anaïs',
  'Yusuf',
  'Elena',
  'Hiro',
  'Fatima',
  'Oliver',
  'Nuño',
  'Leila',
  'Marek',
  'Chiara',
  'Samuel',
];

const LAST_NAMES = [
  'Okafor',
  'Lindqvist',
  'Fischer',
  'Raman',
  'Beneš',
  'Castillo',
  'Haddad',
  'Nakamura',
  'Rossi',
  'Keller',
  'Novák',
  'Adeyemi',
  'Müller',
  'Santos',
  'Dubois',
  'Kowalski',
  'Ivanova',
  'Clarke',
  'Demir',
  'Peeters',
  'Moreau',
];

export const TEAM_NAMES = [
  'Default',
  'Platform',
  'Payments',
  'Mobile',
  'Data',
  'Security',
  'Search',
  'Growth',
  'Support Tools',
  'Research & Development',
];

/** The name of the employee at a place: the same people work with every vendor's tool. */
export function fullName(place: number): string {
  const combinations = FIRST_NAMES.length * LAST_NAMES.length;
  const name = `${pick(FIRST_NAMES, place)} ${pick(LAST_NAMES, place)}`;
  return numbered(name, Math.floor(place / combinations));
}

/** The address that belongs to a name. */
export function emailOf(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.');
  return `${ascii}@acme.test`;
}

/** The name again in a later round through the list, told apart by a number. */
export function numbered(name: string, round: number): string {
  return round === 0 ? name : `${name} ${round + 1}`;
}
