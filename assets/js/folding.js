/** « Répondre à l’usager » -> "repondre a l usager": the same text whatever the accents, the case and the apostrophes. */
export function folded(text) {
  const bare = text.toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae").normalize("NFD").replace(/\p{M}/gu, "");
  return bare.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
