// A mistake of whoever asks, in one line for people.
export class InputError extends Error {}

// What the page is told of an error, with its kind where it is one of this code.
export function told(error) {
  const inside = !(error instanceof InputError) && error.constructor !== Error;
  return inside ? `failed inside: ${error.name}: ${error.message}` : error.message;
}
