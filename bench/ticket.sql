\set unit random(1, 40)
\set category random(1, 70)
\set contact random(1, 50000)
\set key random(1, 9000000000000000)
BEGIN;
INSERT INTO bare_tickets (reference, unit_id, category, contact_id, body) VALUES (':key', :unit, :category, :contact, 'Le lampadaire devant chez elle clignote depuis trois jours et s’éteint la nuit.') RETURNING id \gset
INSERT INTO bare_history (ticket_id, kind, data) VALUES (:id, 'case.opened', '{"channel": "phone", "priority": 3}') RETURNING id AS history \gset
INSERT INTO bare_history (ticket_id, kind, data) VALUES (:id, 'case.routed', '{"unit_id": 4, "rule_id": 12}');
INSERT INTO bare_outbox (history_id, job) VALUES (:history, 'acknowledge');
COMMIT;
