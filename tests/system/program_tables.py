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


def odoo(company="", partner=""):
    """With the columns that a version has besides those of all."""
    return f"""
CREATE TABLE res_partner (id serial PRIMARY KEY, name varchar, vat varchar, email varchar, active boolean {partner});
CREATE TABLE res_company (id serial PRIMARY KEY, name varchar NOT NULL UNIQUE, sequence integer,
  partner_id integer NOT NULL REFERENCES res_partner, currency_id integer {company});
CREATE TABLE res_users (id serial PRIMARY KEY, login varchar, password varchar);
"""


ODOO_16 = odoo(", active boolean, parent_id integer REFERENCES res_company", ", company_registry varchar")
ODOO_17 = odoo(", active boolean, parent_id integer REFERENCES res_company, parent_path varchar",
               ", company_registry varchar")
ODOO_20 = odoo(", active boolean, parent_id integer REFERENCES res_company, parent_path varchar",
               ", additional_identifiers jsonb")
ODOO_20_AS_TEXT = ODOO_20.replace("jsonb", "text")
ODOO_BARE = odoo()

ERPNEXT_MARIADB = """
CREATE TABLE `tabCompany` (`name` varchar(140) NOT NULL PRIMARY KEY, `creation` datetime(6), `modified` datetime(6),
  `owner` varchar(140), `docstatus` int(1) NOT NULL DEFAULT 0, `idx` int(8) NOT NULL DEFAULT 0,
  `company_name` varchar(140), `abbr` varchar(140), `is_group` int(1) NOT NULL DEFAULT 0,
  `parent_company` varchar(140), `tax_id` varchar(140), `credit_limit` decimal(21,9) NOT NULL DEFAULT 0)
  ENGINE=InnoDB ROW_FORMAT=DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE `__Auth` (`doctype` varchar(140), `name` varchar(255), `fieldname` varchar(140), `password` text);
"""
ERPNEXT_POSTGRESQL = """
CREATE TABLE "tabCompany" ("name" varchar(255) PRIMARY KEY, "creation" timestamp(6), "modified" timestamp(6),
  "owner" varchar(255), "docstatus" smallint NOT NULL DEFAULT 0, "idx" bigint NOT NULL DEFAULT 0,
  "company_name" varchar(140), "abbr" varchar(140), "is_group" smallint NOT NULL DEFAULT 0,
  "parent_company" varchar(140), "tax_id" varchar(140), "credit_limit" decimal(21,9) NOT NULL DEFAULT 0);
CREATE TABLE "__Auth" ("doctype" varchar(140), "name" varchar(255), "fieldname" varchar(140), "password" text);
"""

DOLIBARR_MARIADB = """
CREATE TABLE llx_const (rowid integer AUTO_INCREMENT PRIMARY KEY, name varchar(180) NOT NULL,
  entity integer DEFAULT 1 NOT NULL, value text NOT NULL, type varchar(64) DEFAULT 'string',
  visible tinyint DEFAULT 1 NOT NULL, note text, UNIQUE (name, entity))
  ENGINE=InnoDB CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci;
CREATE TABLE llx_user (rowid integer AUTO_INCREMENT PRIMARY KEY, login varchar(50), pass_crypted varchar(128))
  ENGINE=InnoDB;
"""
DOLIBARR_POSTGRESQL = """
CREATE TABLE llx_const (rowid serial PRIMARY KEY, name varchar(180) NOT NULL, entity integer DEFAULT 1 NOT NULL,
  value text NOT NULL, type varchar(64) DEFAULT 'string', visible smallint DEFAULT 1 NOT NULL, note text,
  UNIQUE (name, entity));
CREATE TABLE llx_user (rowid serial PRIMARY KEY, login varchar(50), pass_crypted varchar(128));
"""

# LedgerSMB from 1.10 on can be in any schema.
LEDGERSMB = """
CREATE SCHEMA "{0}";
CREATE TABLE "{0}".defaults (setting_key text PRIMARY KEY, value text);
CREATE TABLE "{0}".business_unit (id serial PRIMARY KEY, control_code text);
"""
