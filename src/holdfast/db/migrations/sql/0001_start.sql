-- The first schema. ledger: the log and what became of commands. cell: what evolve makes of events, without
-- defaults, triggers, sequences or now(), so that a replay gives the same rows. vault: personal data, with the salts
-- of its commitments. local: what may be lost. A constraint is named after what it forbids.

CREATE SCHEMA ledger;
CREATE SCHEMA cell;
CREATE SCHEMA vault;
CREATE SCHEMA local;

-- ledger ---------------------------------------------------------------------------------------------------------

-- Instants reach SQL as microseconds since the epoch; exact until the year 2255.
CREATE FUNCTION ledger.instant(us bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN timestamptz 'epoch' + us * interval '1 microsecond';

CREATE TABLE ledger.head (
    id int CONSTRAINT head_one PRIMARY KEY CONSTRAINT head_is_one CHECK (id = 1),
    size bigint NOT NULL CONSTRAINT head_size_negative CHECK (size >= 0),
    edge bytea NOT NULL,
    at timestamptz NOT NULL,
    epoch int NOT NULL,
    rules_version int NOT NULL
);
INSERT INTO ledger.head VALUES (1, 0, '', '1970-01-01 00:00:00+00', 1, 1);

CREATE TABLE ledger.log (
    seq bigint CONSTRAINT log_seq_once PRIMARY KEY,
    entry bytea NOT NULL CONSTRAINT log_entry_32_bytes CHECK (octet_length(entry) = 32),
    leaf bytea NOT NULL CONSTRAINT log_leaf_32_bytes CHECK (octet_length(leaf) = 32)
);

CREATE TABLE ledger.opening (
    seq bigint CONSTRAINT opening_seq_once PRIMARY KEY,
    salt bytea NOT NULL CONSTRAINT opening_salt_16_bytes CHECK (octet_length(salt) = 16),
    body bytea NOT NULL
);

CREATE TABLE ledger.outcome (
    command uuid CONSTRAINT outcome_once PRIMARY KEY,
    actor uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    batch bigint NOT NULL,
    n int NOT NULL,
    refusal text,
    subject uuid,
    first_seq bigint,
    events int NOT NULL,
    received_at timestamptz NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT outcome_accepted_or_refused CHECK ((refusal IS NULL) = (subject IS NOT NULL))
);

CREATE TABLE ledger.tile (
    level int,
    index bigint,
    hashes bytea NOT NULL CONSTRAINT tile_256_hashes CHECK (octet_length(hashes) = 8192),
    CONSTRAINT tile_once PRIMARY KEY (level, index)
);

CREATE TABLE ledger.checkpoint (
    size bigint CONSTRAINT checkpoint_once PRIMARY KEY,
    root bytea NOT NULL CONSTRAINT checkpoint_root_32_bytes CHECK (octet_length(root) = 32),
    note text NOT NULL,
    signed_at timestamptz NOT NULL
);

-- cell -----------------------------------------------------------------------------------------------------------

CREATE TABLE cell.cell (
    id uuid CONSTRAINT cell_once PRIMARY KEY,
    currency text NOT NULL,
    zone text NOT NULL,
    public_key text NOT NULL,
    simulated_until timestamptz,
    founded_at timestamptz NOT NULL,
    CONSTRAINT cell_founded EXCLUDE USING btree ((true) WITH =)  -- one a database, whatever its id
);

CREATE TABLE cell.node (
    id text CONSTRAINT node_once PRIMARY KEY,
    public_key text NOT NULL,
    admitted_at timestamptz NOT NULL,
    retired_at timestamptz
);

CREATE TABLE cell.member (
    id uuid CONSTRAINT member_once PRIMARY KEY,
    time_zone text NOT NULL,
    epoch int NOT NULL,
    joined_at timestamptz NOT NULL,
    operator_since timestamptz,
    suspended_at timestamptz,
    suspended_by uuid,
    rating_count int NOT NULL,
    rating_sum int NOT NULL,
    CONSTRAINT member_suspended_by_somebody CHECK ((suspended_at IS NULL) = (suspended_by IS NULL)),
    CONSTRAINT member_rating_possible CHECK (rating_sum BETWEEN rating_count AND 5 * rating_count)
);

CREATE TABLE cell.revoked_token (
    id uuid CONSTRAINT revoked_token_once PRIMARY KEY,
    member uuid NOT NULL,
    revoked_at timestamptz NOT NULL
);

CREATE TABLE cell.category (
    id uuid CONSTRAINT category_once PRIMARY KEY,
    parent uuid CONSTRAINT category_parent_unknown REFERENCES cell.category DEFERRABLE INITIALLY DEFERRED,
    slug text NOT NULL CONSTRAINT category_slug_taken UNIQUE,
    name text NOT NULL,
    ordinal int NOT NULL
);

CREATE TABLE cell.calendar (
    id uuid CONSTRAINT calendar_once PRIMARY KEY,
    owner uuid NOT NULL,
    zone text NOT NULL,
    opens int[] NOT NULL,
    closes int[] NOT NULL,
    CONSTRAINT calendar_windows_paired CHECK (cardinality(opens) = cardinality(closes))
);
CREATE INDEX calendar_of_owner ON cell.calendar (owner);

CREATE TABLE cell.calendar_exception (
    id uuid CONSTRAINT calendar_exception_once PRIMARY KEY,
    calendar uuid NOT NULL CONSTRAINT calendar_exception_of_no_calendar REFERENCES cell.calendar,
    first_day date NOT NULL,
    last_day date NOT NULL,
    opens int[] NOT NULL,
    closes int[] NOT NULL,
    CONSTRAINT calendar_exception_days_in_order CHECK (first_day <= last_day),
    CONSTRAINT calendar_exception_windows_paired CHECK (cardinality(opens) = cardinality(closes))
);
CREATE INDEX calendar_exception_of_calendar ON cell.calendar_exception (calendar, last_day);

CREATE TABLE cell.listing (
    id uuid CONSTRAINT listing_once PRIMARY KEY,
    owner uuid NOT NULL CONSTRAINT listing_of_nobody REFERENCES cell.member,
    state text NOT NULL CONSTRAINT listing_state_known CHECK (state IN ('draft', 'published', 'withdrawn')),
    category uuid NOT NULL CONSTRAINT listing_of_no_category REFERENCES cell.category,
    version int NOT NULL,
    drafted_at timestamptz NOT NULL,
    published_at timestamptz,
    changed_at timestamptz NOT NULL,
    rating_count int NOT NULL,
    rating_sum int NOT NULL,
    stars int[] NOT NULL,
    CONSTRAINT listing_rating_adds_up CHECK (
        rating_count = stars[1] + stars[2] + stars[3] + stars[4] + stars[5]
        AND rating_sum = stars[1] + 2 * stars[2] + 3 * stars[3] + 4 * stars[4] + 5 * stars[5]
    ),
    CONSTRAINT listing_published_at_some_time CHECK (state = 'draft' OR published_at IS NOT NULL)
);
CREATE INDEX listing_of_owner ON cell.listing (owner);
CREATE INDEX listing_of_category ON cell.listing (category) WHERE state = 'published';

CREATE TABLE cell.listing_terms (
    listing uuid,
    version int,
    calendars uuid[] NOT NULL,
    place text NOT NULL CONSTRAINT terms_place_known CHECK (place IN ('provider', 'customer', 'online')),
    price_minor int NOT NULL CONSTRAINT terms_price_negative CHECK (price_minor >= 0),
    price_unit text NOT NULL CONSTRAINT terms_price_unit_known CHECK (price_unit IN ('visit', 'hour')),
    duration_min int NOT NULL,
    duration_max_min int NOT NULL,
    step_min int NOT NULL,
    buffer_before_min int NOT NULL,
    buffer_after_min int NOT NULL,
    notice_min int NOT NULL,
    horizon_days int NOT NULL,
    answer_within_min int NOT NULL,
    instant boolean NOT NULL,
    tier_hours int[] NOT NULL,
    tier_percents int[] NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT terms_version_once PRIMARY KEY (listing, version),
    CONSTRAINT terms_tiers_paired CHECK (cardinality(tier_hours) = cardinality(tier_percents)),
    CONSTRAINT terms_duration_positive CHECK (0 < duration_min AND duration_min <= duration_max_min)
);

CREATE TABLE cell.booking (
    id uuid CONSTRAINT booking_once PRIMARY KEY,
    customer uuid NOT NULL,
    provider uuid NOT NULL,
    listing uuid NOT NULL,
    terms_version int NOT NULL,
    state text NOT NULL CONSTRAINT booking_state_known CHECK (state IN (
        'requested', 'confirmed', 'declined', 'expired', 'cancelled', 'completed', 'no_show'
    )),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    zone text NOT NULL,
    total_minor int NOT NULL CONSTRAINT booking_total_negative CHECK (total_minor >= 0),
    refund_minor int,
    answer_by timestamptz,
    placed_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    steps int NOT NULL,
    reviews int NOT NULL CONSTRAINT booking_reviews_one_a_side CHECK (reviews BETWEEN 0 AND 2),
    CONSTRAINT booking_ends_after_start CHECK (starts_at < ends_at),
    CONSTRAINT booking_own_listing CHECK (customer <> provider),
    CONSTRAINT booking_refund_when_cancelled CHECK ((state = 'cancelled') = (refund_minor IS NOT NULL)),
    CONSTRAINT booking_refund_within_total CHECK (refund_minor BETWEEN 0 AND total_minor),
    CONSTRAINT booking_answer_while_requested CHECK ((state = 'requested') = (answer_by IS NOT NULL)),
    CONSTRAINT booking_of_no_terms FOREIGN KEY (listing, terms_version) REFERENCES cell.listing_terms
);
CREATE INDEX booking_of_customer ON cell.booking (customer, starts_at);
CREATE INDEX booking_of_provider ON cell.booking (provider, starts_at);
CREATE INDEX booking_to_complete ON cell.booking (ends_at) WHERE state = 'confirmed';
CREATE INDEX booking_to_expire ON cell.booking (answer_by) WHERE state = 'requested';

CREATE TABLE cell.booking_line (
    booking uuid CONSTRAINT booking_line_of_no_booking REFERENCES cell.booking,
    n int,
    listing uuid NOT NULL,
    terms_version int NOT NULL,
    minutes int NOT NULL CONSTRAINT booking_line_minutes_positive CHECK (minutes > 0),
    amount_minor int NOT NULL,
    CONSTRAINT booking_line_once PRIMARY KEY (booking, n)
);

CREATE TABLE cell.booking_step (
    booking uuid CONSTRAINT booking_step_of_no_booking REFERENCES cell.booking,
    n int,
    state text NOT NULL,
    at timestamptz NOT NULL,
    by uuid NOT NULL,
    seq bigint NOT NULL,
    remark uuid,
    CONSTRAINT booking_step_once PRIMARY KEY (booking, n)
);

CREATE TABLE cell.claim (
    calendar uuid,
    during tstzrange CONSTRAINT claim_not_empty CHECK (NOT isempty(during)),
    booking uuid NOT NULL CONSTRAINT claim_of_no_booking REFERENCES cell.booking,
    expires_at timestamptz,
    CONSTRAINT claim_overlap PRIMARY KEY (calendar, during WITHOUT OVERLAPS)
);

CREATE TABLE cell.review (
    id uuid CONSTRAINT review_once PRIMARY KEY,
    booking uuid NOT NULL CONSTRAINT review_of_no_booking REFERENCES cell.booking,
    listing uuid NOT NULL,
    side text NOT NULL CONSTRAINT review_side_known CHECK (side IN ('customer', 'provider')),
    author uuid NOT NULL,
    subject uuid NOT NULL,
    stars int NOT NULL CONSTRAINT review_stars_one_to_five CHECK (stars BETWEEN 1 AND 5),
    written_at timestamptz NOT NULL,
    visible_since timestamptz,
    replied_at timestamptz,
    CONSTRAINT review_one_a_side UNIQUE (booking, side)
);
CREATE INDEX review_of_listing ON cell.review (listing, visible_since) WHERE side = 'customer';
CREATE INDEX review_of_subject ON cell.review (subject, visible_since);
CREATE INDEX review_to_reveal ON cell.review (written_at) WHERE visible_since IS NULL;

-- vault ----------------------------------------------------------------------------------------------------------

-- Words without accents and case, for search that forgives typing errors. unaccent itself is only STABLE, because
-- its rules could be edited; here they never are.
CREATE FUNCTION vault.plain(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(public.unaccent('public.unaccent'::regdictionary, words));

CREATE TEXT SEARCH CONFIGURATION vault.english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION vault.english
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION vault.portuguese (COPY = pg_catalog.portuguese);
ALTER TEXT SEARCH CONFIGURATION vault.portuguese
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, portuguese_stem;

CREATE TABLE vault.sign_in (
    email text CONSTRAINT email_taken PRIMARY KEY,
    member uuid NOT NULL CONSTRAINT sign_in_one_a_member UNIQUE,
    password_hash text NOT NULL,
    salt bytea NOT NULL
);

CREATE TABLE vault.profile (
    member uuid CONSTRAINT profile_once PRIMARY KEY,
    name text NOT NULL,
    salt bytea NOT NULL
);

CREATE TABLE vault.calendar_text (
    calendar uuid CONSTRAINT calendar_text_once PRIMARY KEY,
    name text NOT NULL,
    salt bytea NOT NULL
);

CREATE TABLE vault.listing_text (
    listing uuid CONSTRAINT listing_text_once PRIMARY KEY,
    title text NOT NULL,
    description text NOT NULL,
    area text NOT NULL,
    address text NOT NULL,
    lat_e6 int CONSTRAINT listing_text_latitude CHECK (lat_e6 BETWEEN -90000000 AND 90000000),
    lng_e6 int CONSTRAINT listing_text_longitude CHECK (lng_e6 BETWEEN -180000000 AND 180000000),
    salt bytea NOT NULL,
    document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('vault.english', title) || to_tsvector('vault.portuguese', title), 'A')
        || setweight(to_tsvector('vault.english', area), 'B')
        || setweight(to_tsvector('vault.english', description) || to_tsvector('vault.portuguese', description), 'C')
    ) STORED,
    CONSTRAINT listing_text_whole_place CHECK ((lat_e6 IS NULL) = (lng_e6 IS NULL))
);
CREATE INDEX listing_text_words ON vault.listing_text USING gin (document);
CREATE INDEX listing_text_letters ON vault.listing_text USING gin (vault.plain(title) public.gin_trgm_ops);
CREATE INDEX listing_text_place ON vault.listing_text
    USING gist (public.ll_to_earth(lat_e6 / 1e6, lng_e6 / 1e6)) WHERE lat_e6 IS NOT NULL;

CREATE TABLE vault.booking_text (
    booking uuid CONSTRAINT booking_text_once PRIMARY KEY,
    note text NOT NULL,
    address text NOT NULL,
    salt bytea NOT NULL
);

CREATE TABLE vault.review_text (
    review uuid CONSTRAINT review_text_once PRIMARY KEY,
    body text NOT NULL,
    salt bytea NOT NULL
);

CREATE TABLE vault.reply_text (
    review uuid CONSTRAINT reply_text_once PRIMARY KEY,
    body text NOT NULL,
    salt bytea NOT NULL
);

CREATE TABLE vault.remark (
    id uuid CONSTRAINT remark_once PRIMARY KEY,
    author uuid NOT NULL,
    body text NOT NULL,
    salt bytea NOT NULL
);

-- local ----------------------------------------------------------------------------------------------------------

CREATE TABLE local.lease (
    name text CONSTRAINT lease_once PRIMARY KEY,
    holder text NOT NULL,
    until timestamptz NOT NULL
);
