import time, collections
from itertools import cycle
from tests.app.web.security.test_attacks import *
from tests.app.web.security.conftest import attacked, unguarded, table
def test_x(attacked, doors):
    c=collections.Counter(); st=collections.Counter(); n=collections.Counter()
    turn=cycle(doors)
    for kind,text in everything():
        for _ in range(2):
            d=next(turn); s=time.process_time(); a=attacked.ask(d.address(text),d.method); k=(d.path,d.place); c[k]+=time.process_time()-s; n[k]+=1; st[k,a.status]+=1
    print(len(doors)); print(sum(c.values()))
    for k,v in c.most_common(14): print(round(v,2),n[k],k,[x[1] for x in st if x[0]==k])
