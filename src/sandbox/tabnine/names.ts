/**
 * Names with and without letters beyond ASCII, so that an encoding mistake shows. The lengths of the two lists have no
 * common divisor: walked side by side, they repeat a full name only when all have come.
 */
export const FIRST_NAMES = [
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

export const LAST_NAMES = [
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
