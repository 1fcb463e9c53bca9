/** So long an ended link may be taken up again, and a school's decision be taken back. */
export const UNDO_FOR = 30 * 86_400_000
