/** A figure as a person reads it. */
export const seconds = (value) => `${value.toFixed(2)} s`;
export const microseconds = (value) => `${(value * 1e6).toFixed(1)} µs`;
export const count = (value) => value.toLocaleString('en-US');
export const number = (value) => count(Math.round(value));
export const times = (value) => `× ${value.toFixed(2)}`;
export const bytes = (value) => value.toFixed(1);
export const megabytes = (value) => `${(value / 1e6).toFixed(value < 1e8 ? 1 : 0)} MB`;
