/** Why the platform is asked for a token; the words that the history uses. */
export type RefreshReason = 'bootstrap' | 'scheduled' | 'passive' | 'recovery';
