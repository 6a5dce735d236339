/** How EOS says that it did not do what it was told (eos-reference 5). */
export const PERCENT = /^\s*%/

/** `copy` and its like report trouble inside the messages of a successful result (eos-reference 1.3). */
export const COPY_COMPLAINT = /^\s*%|\b(?:error|invalid|failed|cannot|denied|abort(?:ed)?|no space)\b/i
