/** The bytes of an answer in the pieces they were made in: results that stand still are sent again and never copied. */
export type AnswerBody = readonly Buffer[]

/** How long an answer is, in bytes. */
export function lengthOf(body: AnswerBody): number {
  return body.reduce((sum, piece) => sum + piece.length, 0)
}

export function textOf(body: AnswerBody): string {
  return Buffer.concat(body).toString('utf8')
}

/** A piece that is cheaper to copy than to send by itself, in bytes. */
export const SMALL = 16_384

/** The same bytes in as few pieces as pays: small neighbours are put together, large ones stay as they are. */
export function gathered(body: AnswerBody): AnswerBody {
  const pieces: Buffer[] = []
  let small: Buffer[] = []
  const put = () => {
    if (small.length > 0) pieces.push(Buffer.concat(small))
    small = []
  }
  for (const piece of body) {
    if (piece.length <= SMALL) small.push(piece)
    else {
      put()
      pieces.push(piece)
    }
  }
  put()
  return pieces
}
