# Needs: pandas
# A shop's orders: read, joined with customers, summed up by month and country, and written again.
import io
import random

import pandas

random.seed(3)
lines = ["id,customer,day,amount"]
for number in range(60_000):
    day = f"2025-{1 + number % 12:02}-{1 + number % 28:02}"
    lines.append(f"{number},{random.randrange(5000)},{day},{random.random() * 100:.2f}")
orders = pandas.read_csv(io.StringIO("\n".join(lines)), parse_dates=["day"])
customers = pandas.DataFrame(
    {"customer": range(5000), "country": [f"country {number % 40}" for number in range(5000)]}
)
joined = orders.merge(customers, on="customer")
joined["month"] = joined["day"].dt.month
for _ in range(5):
    table = joined.pivot_table(index="country", columns="month", values="amount", aggfunc="sum")
    best = joined.sort_values("amount", ascending=False).groupby("country").head(3)
    by_customer = joined.groupby(["country", "customer"])["amount"].agg(["sum", "mean", "count"])
text = joined.to_csv(index=False)
print(table.shape, len(best), len(by_customer), len(text) > 0)
