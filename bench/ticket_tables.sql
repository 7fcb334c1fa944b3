-- The bare transaction's tables: a ticket with five indexes, its history, its outbox. 200,000 rows first.
DROP TABLE IF EXISTS bare_outbox, bare_history, bare_tickets;
CREATE TABLE bare_tickets (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reference text NOT NULL UNIQUE,
  unit_id int NOT NULL,
  category int NOT NULL,
  contact_id int NOT NULL,
  body text NOT NULL,
  due_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE bare_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ticket_id bigint NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  data jsonb NOT NULL
);
CREATE TABLE bare_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  history_id bigint NOT NULL,
  job text NOT NULL,
  due_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO bare_tickets (reference, unit_id, category, contact_id, body)
SELECT 'bare-' || n, n % 40, n % 70, n % 50000, repeat('lampadaire en panne ', 6) FROM generate_series(1, 200000) n;
CREATE INDEX ON bare_tickets (unit_id, due_at);
CREATE INDEX ON bare_tickets (category, created_at);
CREATE INDEX ON bare_tickets (contact_id);
CREATE INDEX ON bare_history (ticket_id);
