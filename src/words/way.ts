/** How a message reaches a person. */
export const ways = ['email', 'sms'] as const
export type Way = (typeof ways)[number]
