# Needs: pandas
# A small question to a small table, as a command that starts anew each time.
import pandas

table = pandas.DataFrame({"name": ["a", "b", "c"], "value": [3, 1, 2]})
print(table.sort_values("value").head(1).to_dict("records"))
