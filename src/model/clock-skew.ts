/**
 * By how many milliseconds a clock may differ from another before nothing is written by it: 5 minutes, as Kerberos allows
 * (RFC 4120, section 8.2, "Acceptable clock skew").
 */
export const MOST_SKEW = 300_000
