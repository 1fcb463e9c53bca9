/** Milliseconds for which a code of the school may be used. */
export const CODE_LIVES = 14 * 86_400_000
/** So often the account behind a code is shown; who comes then finds the code locked. */
export const CODE_LOOKS = 5
