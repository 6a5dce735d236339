import { RequestRefusal } from '../request/fault.ts'

/** The refusal of whoever asks for more than they may have, with the time after which they ask again (RFC 6585, section 4). */
export function tooMany(most: number, what: string, seconds: number): RequestRefusal {
  return new RequestRefusal(
    { kind: 'too-many', message: `more than ${most} ${what}`, hint: `Ask again in ${seconds} s.` },
    { 'retry-after': String(seconds) },
  )
}
