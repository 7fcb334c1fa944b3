// What this telephone holds until it has left: one store of saves, read by the pages and by the worker alike.

const NAME = "ground";
const SAVES = "saves";

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SAVES, { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function within(mode, act) {
  const base = await opened();
  try {
    return await new Promise((done, failed) => {
      const all = base.transaction(SAVES, mode);
      const asked = act(all.objectStore(SAVES));
      all.oncomplete = () => done(asked.result);
      all.onerror = all.onabort = () => failed(all.error);
    });
  } finally {
    base.close();
  }
}

export const keep = (save) => within("readwrite", (saves) => saves.put(save));
export const forget = (key) => within("readwrite", (saves) => saves.delete(key));

/** Everybody's, the oldest first. */
export async function held() {
  const all = await within("readonly", (saves) => saves.getAll());
  return all.sort((one, other) => one.pressedAt.localeCompare(other.pressedAt));
}
