// Names of much used packages of the Python Package Index, in normal form, the most used about first: facts as its public
// download statistics of 2023 to 2025 have them, written down by hand in November 2026. The order is rough; what matters is
// who is far above whom.

const TEXT = `
boto3 urllib3 botocore requests certifi idna charset-normalizer typing-extensions setuptools packaging
python-dateutil six aiobotocore s3fs numpy fsspec s3transfer pyyaml cryptography pip
pandas cffi click grpcio-status pydantic attrs jmespath protobuf jinja2 markupsafe
rsa pycparser colorama awscli importlib-metadata pyasn1 zipp pydantic-core wheel platformdirs
googleapis-common-protos tomli google-api-core virtualenv filelock pytz google-auth pyjwt yarl multidict
aiohttp frozenlist aiosignal pluggy iniconfig pytest exceptiongroup sniffio anyio h11
httpx httpcore wrapt psutil pygments rich requests-oauthlib oauthlib tzdata sqlalchemy
greenlet lxml soupsieve beautifulsoup4 pyparsing docutils pillow scipy decorator cachetools
grpcio grpcio-tools proto-plus pyasn1-modules werkzeug flask itsdangerous blinker gunicorn tqdm
jsonschema jsonschema-specifications referencing rpds-py annotated-types isodate pyarrow openpyxl et-xmlfile websocket-client
tabulate tomlkit more-itertools ruamel-yaml msal azure-core azure-identity azure-storage-blob msrest typing-inspection
scikit-learn joblib threadpoolctl matplotlib kiwisolver fonttools cycler contourpy networkx sympy
mpmath regex nltk openai tiktoken tokenizers transformers huggingface-hub safetensors torch
torchvision torchaudio tensorflow keras tensorboard absl-py h5py gast astunparse opt-einsum
termcolor flatbuffers ml-dtypes libclang jax jaxlib xgboost lightgbm catboost optuna
coverage pytest-cov pytest-mock pytest-xdist execnet pytest-asyncio tox nox mypy mypy-extensions
black pathspec isort flake8 pycodestyle pyflakes mccabe pylint astroid ruff
pre-commit identify nodeenv cfgv distlib poetry poetry-core build pyproject-hooks installer
twine keyring secretstorage jeepney readme-renderer bleach webencodings id pkginfo rfc3986
asn1crypto pyopenssl pynacl bcrypt paramiko fabric invoke snowflake-connector-python sortedcontainers redis
celery kombu vine amqp billiard flower django djangorestframework django-cors-headers django-filter
asgiref sqlparse psycopg2-binary psycopg2 psycopg asyncpg pymysql mysqlclient mysql-connector-python pymongo
motor elasticsearch elastic-transport opensearch-py cassandra-driver confluent-kafka kafka-python pika aiokafka aio-pika
fastapi starlette uvicorn websockets httptools uvloop watchfiles python-dotenv python-multipart email-validator
dnspython orjson ujson simplejson msgpack toml smart-open google-cloud-storage google-cloud-bigquery google-cloud-core
google-resumable-media google-crc32c google-auth-oauthlib google-api-python-client google-auth-httplib2 httplib2 uritemplate gcsfs google-cloud-pubsub google-cloud-logging
kubernetes docker docker-compose ansible ansible-core jsonpath-ng ply dill cloudpickle multiprocess
dask distributed toolz locket partd zict ray numba llvmlite cython
pybind11 scikit-image imageio tifffile pywavelets opencv-python opencv-python-headless opencv-contrib-python seaborn plotly
dash bokeh altair streamlit gradio panel holoviews statsmodels patsy pmdarima
prophet sentencepiece sentence-transformers spacy thinc gensim textblob langchain langchain-core langchain-community
langsmith llama-index chromadb faiss-cpu pinecone-client anthropic cohere litellm datasets evaluate
accelerate peft diffusers bitsandbytes xxhash triton onnx onnxruntime tensorflow-estimator tensorflow-hub
ipython ipykernel ipywidgets jupyter jupyterlab notebook jupyter-client jupyter-core jupyter-server nbformat
nbconvert nbclient traitlets tornado pyzmq prompt-toolkit wcwidth pexpect ptyprocess jedi
parso stack-data executing asttokens pure-eval matplotlib-inline backcall pickleshare comm debugpy
argon2-cffi argon2-cffi-bindings terminado send2trash mistune pandocfilters tinycss2 defusedxml jupyterlab-pygments jupyterlab-widgets
selenium playwright trio outcome wsproto scrapy twisted parsel w3lib itemadapter
cssselect lxml-html-clean html5lib mechanize feedparser pyquery xmltodict markdown markdown-it-py mdurl
sphinx alabaster babel imagesize snowballstemmer sphinx-rtd-theme mkdocs mkdocs-material pdoc docopt
typer shellingham argcomplete configargparse fire cement plumbum sh pyinstaller
pyinstaller-hooks-contrib altgraph cx-freeze nuitka py2app pefile macholib pywin32 pypiwin32 comtypes
wmi pyserial pyusb pynput pyautogui mouse keyboard pyperclip pygame pyglet
arrow pendulum dateparser humanize croniter schedule apscheduler tzlocal holidays freezegun
faker factory-boy hypothesis responses moto mock vcrpy requests-mock httpretty respx
locust behave robotframework nose unittest2 parameterized testfixtures allure-pytest pytest-html pytest-timeout
pytest-django pytest-metadata pytest-rerunfailures pytest-randomly pytest-benchmark parse parse-type sure expects
alembic mako sqlmodel peewee tortoise-orm pony marshmallow marshmallow-sqlalchemy apispec flask-sqlalchemy
flask-cors flask-login flask-wtf wtforms flask-migrate flask-restful flask-jwt-extended flask-caching flask-socketio python-socketio
python-engineio simple-websocket bottle cherrypy pyramid sanic quart hypercorn falcon aiofiles
aiosqlite aioredis aiohttp-cors async-timeout async-generator asyncio-mqtt paho-mqtt zeroconf ifaddr netifaces
netaddr ipaddress scapy python-nmap pyshark dpkt impacket pycryptodome pycryptodomex pycrypto
passlib ecdsa python-jose authlib pyotp qrcode python-slugify text-unidecode unidecode
chardet cchardet ftfy fuzzywuzzy rapidfuzz python-levenshtein levenshtein jellyfish thefuzz phonenumbers
xlsxwriter xlrd xlwt pyxlsb python-docx python-pptx pypdf pypdf2 pdfminer-six reportlab
weasyprint fpdf2 pymupdf tabula-py camelot-py pytesseract easyocr exifread wand moviepy
pydub librosa soundfile audioread ffmpeg-python gtts pyttsx3 speechrecognition youtube-dl yt-dlp
praw tweepy discord-py python-telegram-bot telethon slack-sdk slackclient slack-bolt twilio sendgrid
stripe braintree paypalrestsdk web3 eth-account eth-utils eth-abi bitcoinlib ccxt yfinance
pandas-datareader ta-lib backtrader alpaca-trade-api polygon-api-client geopandas shapely fiona pyproj rtree
folium geopy rasterio netcdf4 xarray cftime cartopy h3 osmnx haversine
apache-airflow apache-beam pyspark py4j findspark delta-spark databricks-cli databricks-sdk dbt-core dbt-snowflake
great-expectations prefect dagster luigi mlflow wandb sentry-sdk datadog ddtrace newrelic
opentelemetry-api opentelemetry-sdk prometheus-client statsd structlog loguru coloredlogs humanfriendly python-json-logger graypy
gitpython gitdb smmap pygithub python-gitlab jira atlassian-python-api dulwich pygit2 semver
setuptools-scm setuptools-rust flit-core hatchling hatch pdm trove-classifiers cmake ninja meson
scikit-build pkgconfig pip-tools pipenv pipx uv virtualenvwrapper
hvac consul python-consul etcd3 zope-interface zope-event gevent eventlet pyramid-tm transaction
dnslib ldap3 python-ldap pysaml2 jwcrypto cbor2 construct bitarray bitstring intervaltree
pyrsistent immutables frozendict addict python-box munch dotmap deepdiff jsonpatch
jsonpointer dacite dataclasses dataclasses-json cattrs pyhumps inflection inflect stringcase
lark antlr4-python3-runtime textx pyyaml-env-tag omegaconf hydra-core dynaconf environs python-decouple configobj
watchdog inotify pyinotify plyer pystray rumps pyqt5 pyqt6 pyside2 pyside6
kivy wxpython customtkinter pysimplegui textual urwid blessed asciimatics npyscreen questionary
`;

/** In the order of use, most used first, each once. */
export const POPULAR_NAMES: readonly string[] = [...new Set(TEXT.trim().split(/\s+/))];
