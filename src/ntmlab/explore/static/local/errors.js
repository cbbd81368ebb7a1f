// A mistake of whoever asks, in one line for people.
export class InputError extends Error {}
