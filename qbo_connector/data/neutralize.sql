-- A copy of the database must never use, and thereby rotate, the tokens of the
-- original: forget them, disconnect, and drop what waits to be sent.
DELETE FROM qbo_token;
DELETE FROM qbo_oauth_nonce;
DELETE FROM qbo_attempt;
UPDATE qbo_backend SET state = 'draft', client_id = NULL, client_secret_encrypted = NULL, webhook_verifier_encrypted = NULL, api_url = NULL, discovery_url = NULL;
-- Connected to another company, it must not mail anybody.
UPDATE qbo_backend SET email_mode = NULL;
DELETE FROM qbo_followup WHERE state = 'waiting';
DELETE FROM queue_job WHERE model_name LIKE 'qbo.%' AND state IN ('wait_dependencies', 'pending', 'enqueued', 'started');
