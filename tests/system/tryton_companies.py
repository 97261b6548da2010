"""Adds companies to a Tryton database through Tryton's models. A process of its own: Tryton keeps much in memory."""
import json
import sys

from trytond.config import config

config.update_etc(sys.argv[1])
from trytond.pool import Pool  # noqa: E402  the configuration comes first
from trytond.transaction import Transaction  # noqa: E402

Pool.start()
pool = Pool(sys.argv[2])
pool.init()
with Transaction().start(sys.argv[2], 1) as transaction:
    Party, Company, Currency = (pool.get(name) for name in ("party.party", "company.company", "currency.currency"))
    found = Currency.search([("code", "=", "SEK")])
    krona = found[0] if found else Currency.create([{"name": "Svensk krona", "symbol": "kr", "code": "SEK"}])[0]
    ids = []
    wanted = json.load(sys.stdin)
    parties = Party.create([{"name": company["name"],
                             "identifiers": [("create", [{"type": kind, "code": code}
                                                         for kind, code in company.get("identifiers", [])])]}
                            for company in wanted])
    made = Company.create([{"party": party.id, "currency": krona.id} for party in parties])
    Party.write([party for party, company in zip(parties, wanted) if not company.get("active", True)],
                {"active": False})
    transaction.commit()
print(json.dumps([company.id for company in made]))
