"""The tables of programs that are not installed here, as far as a mapping looks at them, with what it must not see."""

# Tryton 6.4 and later: an identifier can be deactivated (since 6.2), and belong to an address (since 6.4).
TRYTON_NEWER = """
CREATE TABLE currency_currency (id serial PRIMARY KEY, code varchar);
CREATE TABLE party_party (id serial PRIMARY KEY, code varchar, name varchar, active boolean DEFAULT true);
CREATE TABLE party_address (id serial PRIMARY KEY, party integer NOT NULL REFERENCES party_party, street text);
CREATE TABLE party_identifier (id serial PRIMARY KEY, party integer NOT NULL REFERENCES party_party,
  address integer REFERENCES party_address, type varchar, code varchar NOT NULL, sequence integer,
  active boolean DEFAULT true);
CREATE TABLE company_company (id serial PRIMARY KEY, party integer NOT NULL UNIQUE REFERENCES party_party,
  currency integer REFERENCES currency_currency);
CREATE TABLE res_user (id serial PRIMARY KEY, login varchar, password_hash varchar);
"""
